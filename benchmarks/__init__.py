"""Speed of the endpoint beside its peers, measured in one run on one machine.

``python -m benchmarks --help`` says how. Nothing here is part of the package or of its tests' time.
"""
