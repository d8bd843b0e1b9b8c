"""What `scripts/bench understanding` asks, and who is asked beside the product."""
