"""What answers and errors depend on: of a whole release (global), and of single answers (local).

``matrix``        the test set's columns as numbers that a tree can part, each with the column that it comes from
``surrogate``     which columns tell wrong answers from right ones: a tree, cross-validated, that says how well it can tell
``permutation``   how much worse a release answers when one column is shuffled; needs something that answers
``words``         words of a text that answers, and errors, go together with
``attributions``  how much each column or word added to single answers, as published; whether they add up
``shapley``       the same computed with the package shap, for anything that answers
``answering``     something that answers: a Python function, named ``module:function``
``kept``          explanations as events of the store, with their tables
``explaining``    the verb: all of it for one release

None of it says why anything happens in the world. It says what goes together in the examples and the answers.
"""
