"""What is known of works, apart from any stock: names, plots, characters, series; and which records are one work."""
