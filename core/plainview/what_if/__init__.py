"""What if an example were otherwise: a live model is asked where one is registered, else published examples stand in.

``live``     the predict function or endpoint that the owner of the app registers; off by default
``nearest``  the published examples nearest to one that was changed
``saved``    analyses that people keep as evidence, and their examples for the next version of the test set
"""
