"""From lines to audio: normalising, spelling, synthesis, earcons, playout."""
