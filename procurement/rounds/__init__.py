"""A procurement round (采购批次): its document, rulebook, lots and timetable."""
