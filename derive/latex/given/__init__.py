"""What is given: definitions, layers and their ranges, conditions, the loss."""
