"""The local cloud: MiniStack, started in-process, corrected where AWS answers otherwise."""
