"""Runs the DMN Technology Compatibility Kit, or a part of it, through the public functions (`make tck`)."""
