"""What data next: one ranked list for the people who collect and label, and what the last list brought.

``labels``     examples whose label is likely wrong: confident learning, and equal examples with different labels
``exposures``  what one error is worth: one, or its part of the traffic times its cost
``wants``      what is wanted: examples to collect, labels to check; how many, why, what is at stake
``listing``    the list of one release
``kept``       lists as events of the store
``brought``    what came of a list in a later version of the test set
"""
