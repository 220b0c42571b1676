"""What knows the storage device by name, beside its model and its engine: where it is installed, and how its states are drawn.

General rooms read any specification; the commands hand them what stands here.
"""

from .installed import SUITE, device, model_folder, strengthened

__all__ = ["SUITE", "device", "model_folder", "strengthened"]
