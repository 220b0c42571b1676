/* Two-phase commit: the same states and transitions as examples/two_phase_commit.py.

   One process without control points of its own: every option of the loop is one action of the TLA+
   original (a d_step: guard and effect in one transition, nothing stored in between).  The states of the
   resource managers are two masks, the received and the sent Prepared messages one each: the smallest
   state vector that Spin makes of them.

   spin -DRMS=8 -a two_phase_commit.pml */

#ifndef RMS
#define RMS 3
#endif
#define ALL ((1 << RMS) - 1)
#define BIT(r) (1 << (r))

byte low, high;		/* state of resource manager r: 0 working, 1 prepared, 2 committed, 3 aborted */
byte prepared;		/* whose Prepared messages the transaction manager has received */
byte prepared_sent;	/* who has sent a Prepared message */
bool decided;		/* the transaction manager has left its initial state */
bool commit_sent, abort_sent;

#define WORKING(r) (!((low | high) & BIT(r)))
#define CONSISTENT (!((high & low) && (high & ~low)))

#define MANAGER(r) \
	:: d_step { !decided && (prepared_sent & BIT(r)) -> prepared = prepared | BIT(r) } \
	:: d_step { WORKING(r) -> low = low | BIT(r); prepared_sent = prepared_sent | BIT(r) } \
	:: d_step { WORKING(r) -> low = low | BIT(r); high = high | BIT(r) } \
	:: d_step { commit_sent -> high = high | BIT(r); low = low & ~BIT(r); assert(CONSISTENT) } \
	:: d_step { abort_sent -> high = high | BIT(r); low = low | BIT(r); assert(CONSISTENT) }

active proctype transaction()
{
	do
	:: d_step { !decided && prepared == ALL -> decided = true; commit_sent = true }
	:: d_step { !decided -> decided = true; abort_sent = true }
	MANAGER(0)
#if RMS > 1
	MANAGER(1)
#endif
#if RMS > 2
	MANAGER(2)
#endif
#if RMS > 3
	MANAGER(3)
#endif
#if RMS > 4
	MANAGER(4)
#endif
#if RMS > 5
	MANAGER(5)
#endif
#if RMS > 6
	MANAGER(6)
#endif
#if RMS > 7
	MANAGER(7)
#endif
	od
}
