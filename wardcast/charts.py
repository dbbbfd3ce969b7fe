"""Pictures in the house style, for scripts and notebooks; each function returns a matplotlib figure."""

from publication.charts.area_map import area_map
from publication.charts.charts import fan_chart, save_picture, years_by_type
from publication.charts.gain_chart import gain_chart
from publication.charts.history_chart import recorded_with_breaks
from publication.charts.range_chart import range_chart
from publication.charts.waterfall import two_legs, waterfall
from publication.words import sentence_case, year_label

__all__ = [
    "area_map",
    "fan_chart",
    "gain_chart",
    "range_chart",
    "recorded_with_breaks",
    "save_picture",
    "sentence_case",
    "two_legs",
    "waterfall",
    "year_label",
    "years_by_type",
]
