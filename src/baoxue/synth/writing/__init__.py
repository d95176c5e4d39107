"""How offices write right and wrong values down: forms of dates, grades and classes, headers, files."""
