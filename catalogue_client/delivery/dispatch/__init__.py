"""Handing deliveries over to couriers and following what becomes of them."""
