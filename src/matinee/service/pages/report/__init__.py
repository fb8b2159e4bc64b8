"""The parts of the page that shows a comparison of models; one file a part."""
