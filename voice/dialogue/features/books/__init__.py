"""Books read aloud and under the fingers: finding and opening them, and moving in them."""
