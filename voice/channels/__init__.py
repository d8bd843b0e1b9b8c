"""Where a reader is: telephone, station, recording or typed text, behind one interface."""
