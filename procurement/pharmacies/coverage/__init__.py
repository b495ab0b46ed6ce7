"""Coverage of counties: folders for the command line, plans of the platform."""
