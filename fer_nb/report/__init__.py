"""The report wing: cells that speak two languages, papermill, and one report of many notebooks."""
