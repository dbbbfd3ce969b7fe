"""Files on stakes and money: what a force gives takes the place of defaults; what cannot stand is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.folder.check import Ground
from planning.folder.new import write_new_plan
from planning.folder.read import read_plan
from planning.folder.stakes.risk_scales import EXAMPLE
from sources.files.errors import InputError

pytestmark = pytest.mark.unit
SAID = "2025,nowhere,made up,measured"
WEIGHTS = (
    f"weights,what,p10,p50,p90,unit,year,country,source,quality,error_group\nown,{{what}},1,2,{{p90}},days,{SAID},one\n"
)
REPORTING = (
    "what,area,measure,n,p10,p50,p90,unit,year,country,source,quality,error_group\n"
    f"{{what}},{{area}},reported,{{n}},{{p10}},0.5,{{p90}},share,{SAID},one\n"
)
RATES = (
    "function,measure,p10,p50,p90,unit,year,country,source,quality,error_group\n"
    "response,{measure},1,2,3,pounds,{year},nowhere,made up,measured,one\n"
)
BUDGET = (
    "from_month,function,pay,other,income,reserves,inflation_budgeted,year,country,source,quality\n"
    f"2025-04,all,{{pay}},1,1,5,0.02,{SAID}\n"
    f"2026-04,all,1,1,1,{{later}},0.02,{SAID}\n"
)
RISK = (
    "threat,crimes,likelihood,physical,psychological,financial,community,environment,capacity,capability,confidence,"
    "scored_by,scored_on,lead,prevention,intelligence,enforcement,year,country,source,quality\n"
    "Theft,{crimes},{likelihood},{physical},low,low,low,low,not met,good,high,panel,2025-03-01,,,,,"
    f"{SAID}\n"
)
GOOD = {
    "harm_weights": {"what": "THEFT", "p90": "3"},
    "reporting": {"what": "THEFT", "area": "force", "n": "100", "p10": "0.4", "p90": "0.6"},
    "rates": {"measure": "pounds an hour", "year": "2024/25"},
    "budget": {"pay": "10", "later": ""},
    "risk": {"crimes": "THEFT + RAPE", "likelihood": "", "physical": "severe"},
}
FORMS = {"harm_weights": WEIGHTS, "reporting": REPORTING, "rates": RATES, "budget": BUDGET, "risk": RISK}
BAD = {
    "weights of an unknown type": ("harm_weights", {"what": "PIRACY"}, "not known"),
    "weights out of order": ("harm_weights", {"p90": "0.5"}, "p10 is at most p50"),
    "reporting of a ward": ("reporting", {"area": "E05000001"}, "isin"),
    "reporting of what has no basis": ("reporting", {"what": "RAPE"}, "no basis"),
    "a share above one": ("reporting", {"p90": "60"}, "above 1"),
    "a share that may be nothing": ("reporting", {"p10": "0"}, "endless"),
    "narrower than chance": ("reporting", {"p10": "0.49", "p90": "0.51"}, "narrower than chance"),
    "asked in words": ("reporting", {"n": "many"}, "number is missing"),
    "prices of no year": ("rates", {"year": "today"}, "year of prices"),
    "an unknown measure": ("rates", {"measure": "pounds a day"}, "isin"),
    "pay in words": ("budget", {"pay": "ten"}, "number is missing"),
    "reserves twice": ("budget", {"later": "4"}, "Reserves stand once"),
    "a word in no scale": ("risk", {"physical": "dreadful"}, "in no scale"),
    "a threat of an unknown type": ("risk", {"crimes": "PIRACY"}, "not known"),
    "a threat of nothing": ("risk", {"crimes": ""}, "likelihood"),
    "a threat with two likelihoods": ("risk", {"likelihood": "rare"}, "likelihood"),
    "an unknown likelihood": ("risk", {"crimes": "", "likelihood": "daily"}, "in no scale"),
}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A plan folder with nothing but a name."""
    (tmp_path / "plan.toml").write_text('name = "mine"\nwho = "a test"\n')
    return tmp_path


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_stand_is_refused_with_file_and_remedy(case: str, bare: Path, ground: Ground) -> None:
    name, changed, words = BAD[case]
    (bare / f"{name}.csv").write_text(FORMS[name].format(**{**GOOD[name], **changed}))
    with pytest.raises(InputError) as refused:
        read_plan(bare, ground)
    assert words in str(refused.value)
    assert str(refused.value.file).endswith(f"{name}.csv")
    assert refused.value.remedy


def test_what_a_force_gives_is_read(bare: Path, ground: Ground) -> None:
    for name, form in FORMS.items():
        (bare / f"{name}.csv").write_text(form.format(**GOOD[name]))
    tables = read_plan(bare, ground).tables
    for name in FORMS:
        assert tables[name]["of_force"].any()
    assert tables["risk"]["of_force"].all()  # the worked example goes as a whole
    assert not tables["harm_weights"]["of_force"].all()  # other scales stay beside the force's own
    assert tables["harm_weights"]["weights"].iloc[0] == "own"


SCALES = {
    "a weight is lacking": ("physical = { p10 = 1.0, p50 = 1.5, p90 = 2.0 }\n", "", "weights are of"),
    "words go down": ("a_year = 12\n", "a_year = 400\n", "go up"),
    "an unknown key": ("top = 5", "tops = 5", "extra"),
    "the first word is late": ("change = -1.0", "change = -0.5", "first word"),
}


@pytest.mark.parametrize("case", SCALES)
def test_scales_that_cannot_stand_are_refused(case: str, bare: Path, ground: Ground) -> None:
    before, after, words = SCALES[case]
    text = EXAMPLE.read_text()
    assert before in text
    (bare / "risk.toml").write_text(text.replace(before, after, 1))
    with pytest.raises(InputError) as refused:
        read_plan(bare, ground)
    assert words.lower() in str(refused.value).lower()
    assert str(refused.value.file).endswith("risk.toml")


def test_a_new_plan_writes_them_with_the_defaults_and_reads_them_back(tmp_path: Path, ground: Ground) -> None:
    folder = write_new_plan(tmp_path / "mine", "mine", "a test", ground)
    written = {file.name for file in folder.iterdir()}
    assert {"harm_weights.csv", "reporting.csv", "rates.csv", "budget.csv", "risk.csv", "risk.toml"} <= written
    plan = read_plan(folder, ground)
    assert plan.tables["budget"].empty
    assert set(plan.tables["risk"]["quality"]) == {"assumed"}
    assert "worked example" in plan.tables["risk"]["source"].iloc[0]
