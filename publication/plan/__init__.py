"""A plan as files: tables, a page, and the sealed folder of a plan that stands by itself."""
