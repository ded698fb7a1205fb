"""The optimisation engine: paints a content picture in the style of other pictures.

One image convention holds inside: float32 tensors of shape (1, 3, H, W), RGB, 0..255, because the
losses' weights are defined on that scale. The network's own normalisation (mean pixel, BGR) happens
only inside its forward pass. The engine knows nothing of Telegram, users or the database.
"""
