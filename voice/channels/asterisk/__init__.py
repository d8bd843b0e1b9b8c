"""Calls by way of an Asterisk exchange: chan_websocket for new ones, AudioSocket for older ones."""
