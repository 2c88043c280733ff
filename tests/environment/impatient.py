"""A pytest plugin: a run waits a fifth as long as usual for a platform that responds with 429 for ever."""

from harness.wire.channel import Patience

Patience.__init__.__defaults__ = (Patience().seconds / 5,)
