"""Official mileage logs as a page, a PDF and a workbook, for the rep and for those who answer for them."""
