"""Wards, boroughs and LSOAs: boundaries, vintages, and what places are like."""
