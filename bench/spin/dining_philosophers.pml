/* Dining philosophers, any fork first: the same states and transitions as examples/dining_philosophers.py
   with order = any.  Run it with -E (no complaint about end states) to see all 3^n states.

   spin -DPHILOSOPHERS=12 -a dining_philosophers.pml */

#ifndef PHILOSOPHERS
#define PHILOSOPHERS 5
#endif

#define NOBODY PHILOSOPHERS
#define LEFT _pid
#define RIGHT ((_pid + 1) % PHILOSOPHERS)

byte holder[PHILOSOPHERS] = NOBODY;

active [PHILOSOPHERS] proctype philosopher()
{
end_think:
	if
	:: d_step { holder[LEFT] == NOBODY -> holder[LEFT] = _pid }
	:: d_step { holder[RIGHT] == NOBODY -> holder[RIGHT] = _pid }
	fi;
	/* take the other: the one that is still free cannot be one's own */
	if
	:: d_step { holder[LEFT] == NOBODY -> holder[LEFT] = _pid; assert(holder[RIGHT] == _pid) }
	:: d_step { holder[RIGHT] == NOBODY -> holder[RIGHT] = _pid; assert(holder[LEFT] == _pid) }
	fi;
	/* eat */
	d_step { holder[LEFT] = NOBODY; holder[RIGHT] = NOBODY };
	goto end_think
}
