"""Records into data sets: a database of tidy tables, a panel of agencies and years, plots and a page."""
