/* Writing a standard device under a point-in-time copy: the same states and transitions as
   examples/standard_write.py with its profile `safe`.

   A process is a process, a box is a control point, and every transition is one statement or one d_step.
   Flags of tracks are masks.  Host adapters are declared first: their _pid is 0, 1, ...  What must hold
   is asserted where it could begin to fail.

   spin -DHAS=3 -DDAS=2 -DTRACKS=2 -DVALUES=2 -a standard_write.pml      (at most 4, any, 2, 2) */

#ifndef HAS
#define HAS 2
#endif
#ifndef DAS
#define DAS 1
#endif
#ifndef TRACKS
#define TRACKS 1
#endif
#ifndef VALUES
#define VALUES 2
#endif

#define BIT(t) (1 << (t))
#define STANDARD TRACKS		/* a pointer to the standard track */
#define EMPTY 0
#define REQUEST 1
#define TAKEN 2
#define STATUS 3

byte data[TRACKS];
byte protection;		/* mask of tracks */
byte pointer[TRACKS] = STANDARD;
byte log_data[TRACKS];
byte taken;			/* mask of log tracks */
byte locked;			/* mask of tracks */
bool session_active, exclusive;
byte mail[HAS];
byte image[TRACKS];
byte track[HAS];		/* the track that a host adapter writes: disk adapters read it */

#define FREE(t) (!exclusive && !(locked & BIT(t)))
#define PROTECTED(t) (session_active && (protection & BIT(t)))

#define SHOWN(t) (!session_active || \
	(pointer[t] == STANDARD -> data[t] : log_data[pointer[t]]) == image[t])
#define OWNED(t) (pointer[t] == STANDARD || (taken & BIT(pointer[t])))
#if TRACKS == 1
#define HOLDS (SHOWN(0) && OWNED(0))
#else
#define HOLDS (SHOWN(0) && SHOWN(1) && OWNED(0) && OWNED(1) && \
	(pointer[0] == STANDARD || pointer[0] != pointer[1]))
#endif

#define RECEIVE(t, v) :: d_step { track[_pid] = t; value = v }

active [HAS] proctype host_adapter()
{
	byte value;

end_320:
	if
	RECEIVE(0, 0)
#if VALUES > 1
	RECEIVE(0, 1)
#endif
#if TRACKS > 1
	RECEIVE(1, 0)
#if VALUES > 1
	RECEIVE(1, 1)
#endif
#endif
	fi;
box_322:
	if
	:: d_step { FREE(track[_pid]) && !PROTECTED(track[_pid]) -> locked = locked | BIT(track[_pid]) };
	   /* 324 */
	   d_step {
		data[track[_pid]] = value;
		locked = locked & ~BIT(track[_pid]);
		track[_pid] = 0;
		value = 0;
		assert(HOLDS)
	   };
	   goto end_320
	:: FREE(track[_pid]) && PROTECTED(track[_pid]);
	   /* 326 */
	   mail[_pid] = REQUEST;
	   /* 332 */
	   d_step { mail[_pid] == STATUS -> mail[_pid] = EMPTY };
	   goto box_322
	fi
}

#define ASKED(h) mail[h] == REQUEST && FREE(track[h])
#define TAKE(h) \
	mail[h] = TAKEN; \
	host = h; \
	mine = track[h]; \
	locked = locked | BIT(mine)
#define SERVE(h) \
	:: d_step { ASKED(h) && PROTECTED(track[h]) -> TAKE(h) } \
	:: d_step { ASKED(h) && !PROTECTED(track[h]) -> TAKE(h) }; goto box_318
#define OBTAIN(l) :: d_step { !(taken & BIT(l)) -> taken = taken | BIT(l); log = l }

active [DAS] proctype disk_adapter()
{
	byte host, mine, log;

end_302:
	if
	SERVE(0)
#if HAS > 1
	SERVE(1)
#endif
#if HAS > 2
	SERVE(2)
#endif
#if HAS > 3
	SERVE(3)
#endif
	fi;
	/* 306 */
	if
	OBTAIN(0)
#if TRACKS > 1
	OBTAIN(1)
#endif
	fi;
	/* 312 */
	d_step { log_data[log] = data[mine]; assert(HOLDS) };
	/* 308 */
	d_step { pointer[mine] = log; assert(HOLDS) };
	/* 316 */
	protection = protection & ~BIT(mine);
box_318:
	if
	:: d_step {
		locked = locked & ~BIT(mine);
		mail[host] = STATUS;
		host = 0;
		mine = 0;
		log = 0
	   };
	   goto end_302
	fi
}

active proctype session()
{
	byte next;

box_418:
	if
	:: d_step { next < TRACKS - 1 -> protection = protection | BIT(next); next++ }; goto box_418
	:: d_step { next == TRACKS - 1 -> protection = protection | BIT(next); next = 0 }
	fi;
	/* 422 */
	d_step { locked == 0 -> exclusive = true };
	/* 424 */
	d_step {
		session_active = true;
		image[0] = data[0];
#if TRACKS > 1
		image[1] = data[1];
#endif
		assert(HOLDS)
	};
	/* 426 */
	exclusive = false;
end_established:
	false
}
