"""Statements, counted: stances, reversals, contradictions and networks.

The arrays of networks need numpy, and communities need networkx. Both are imported when a request
first asks for a network, since the server starts without them.
"""

import os

# several server processes share the cores: threads of each would wait for those of the others
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
