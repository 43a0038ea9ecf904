"""Reading and checking an import folder. Knows files and facts; no web page and no database."""

from campaign.commands.folder.check import Folder, read_folder
from campaign.text.faults import Fault, FolderFaults

__all__ = ["Fault", "Folder", "FolderFaults", "read_folder"]
