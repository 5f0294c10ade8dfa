"""What is run or built: the local suite, its demo data, decisions."""
