"""Is every sentence true as often as it claims? Simulated known truths, our methods beside those that peers use."""
