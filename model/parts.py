"""What the boxes are for: each says it where it is declared, and properties ask for it.

One of the first group stands at every box; it says what becomes of the box.  The second group says where a box stands,
or what it does besides.
"""

from __future__ import annotations

from snapproof.spec import part

# --- what a box is for: one of these ---------------------------------------------------------------------------------

TESTS = part("tests", "decides where to go on, waits or counts; others see nothing of it but a lock")
LOCKS = part("locks", "takes a lock or exclusive access, waits for it, or lets it go")
WORKS = part("works", "changes tables, bits, lists, data or mail")
READS_STANDARD = part("reads_standard", "answers a host with data of a standard device")
READS_VIRTUAL = part("reads_virtual", "answers a host with data of a virtual device")
READS_SAVED = part("reads_saved", "answers a call with what a deactivated virtual device has saved")
READS_ENTRY = part("reads_entry", "answers a call with a table entry")
WRITES_STANDARD = part("writes_standard", "executes a host's write to a standard device")
WRITES_VIRTUAL = part("writes_virtual", "executes a host's write to a virtual device")
REFUSES = part("refuses", "returns an error, or is on the way to it")

FIRST = (TESTS, LOCKS, WORKS, READS_STANDARD, READS_VIRTUAL, READS_SAVED, READS_ENTRY, WRITES_STANDARD, WRITES_VIRTUAL, REFUSES)

# --- where it stands, and what it does besides --------------------------------------------------------------------------

ENDS = part("ends", "may be the last box of a command, or of a request")
ASKS_READY = part("asks_ready", "asks whether the virtual device is ready, and refuses if it is not")
NOT_READY = part("not_ready", "refuses only because the virtual device is not ready; a changed entry is no error")
TELLS = part("tells", "tells a host adapter what became of its request")
MOVES = part("moves", "changes what virtual devices show: data of log tracks, or the entries that point to it")
ON_TRACK = part("on_track", "inside the part of a figure that changes what depends on one track (Figs. 7 to 9, 11, 13)")
REMOVES = part("removes", "inside the loop of a removal, which changes what depends on one track (Fig. 14)")
CHOOSES = part("chooses", "between the choice of a log track and its way off, or onto, the free list (Fig. 9)")
NEW_TRACK = part("new_track", "a writer of a virtual device has its new log track (Fig. 13)")
EXCLUSIVE = part("exclusive", "between the boxes that begin and end exclusive access to a standard device")
WITH_LIST = part("with_list", "Activate has a list in hand (Fig. 19A)")
REGISTERED = part("registered", "Register has a session number which is inactive, and no virtual device has it yet (Fig. 17)")
RESTORES = part("restores", "a restore is under way, or is about to begin with the device closed (Figs. 21, 22, from 551c and 581c on)")
TO_NEW = part("to_new", "the restore is to another standard device than the one that the virtual device stands for (Fig. 22)")
COPIES = part("copies", "a virtual device is being restored to a new virtual device (Fig. 20E), from the session number of that on")
BACKS_UP = part("backs_up", "a host works with its rolling backup: it saves a set, or goes back with those it has (Figs. 29, 30)")
COPIES_BACK = part("copies_back", "an indirect track is being copied to where it belongs (Figs. 20B, 20C)")
