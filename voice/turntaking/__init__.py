"""Who speaks when: a pure state machine between the reader's acts and Dauys's answers."""
