"""Yandex Delivery, cargo claims version 2: the client, and a sandbox that behaves as the real server does."""
