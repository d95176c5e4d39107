"""The mistakes of people: typing, input methods, spreadsheets, hearsay. Rates differ by seed, by office and by row."""
