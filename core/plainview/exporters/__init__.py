"""What is published, in the formats of other programs."""
