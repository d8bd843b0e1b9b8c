"""Files of books, each format to the inner form of catalogue_client/values/books.py."""
