"""Couriers: the library's own route, and Yandex Delivery by its cargo claims API."""
