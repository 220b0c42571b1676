-- Dining philosophers, any fork first: the same states and transitions as examples/dining_philosophers.py
-- with order = any.  Run it with --deadlock-detection off to see all 3^n states.

const
  PHILOSOPHERS: 5;

type
  philosopher: 0 .. PHILOSOPHERS - 1;
  hand: 0 .. PHILOSOPHERS;  -- PHILOSOPHERS: nobody's
  side: 0 .. 1;
  box: enum { THINK, TAKE_OTHER, EAT };

var
  holder: array [philosopher] of hand;
  at: array [philosopher] of box;

startstate begin
  for p: philosopher do
    holder[p] := PHILOSOPHERS;
    at[p] := THINK;
  end;
end;

ruleset p: philosopher; s: side do
  rule "take a first fork"
    at[p] = THINK & holder[(p + s) % PHILOSOPHERS] = PHILOSOPHERS
  ==> begin
    holder[(p + s) % PHILOSOPHERS] := p;
    at[p] := TAKE_OTHER;
  end;

  -- the side that p does not hold yet; the forks on both sides are different ones
  rule "take the other fork"
    at[p] = TAKE_OTHER & holder[(p + s) % PHILOSOPHERS] = PHILOSOPHERS
  ==> begin
    holder[(p + s) % PHILOSOPHERS] := p;
    at[p] := EAT;
  end;
end;

ruleset p: philosopher do
  rule "put both forks back"
    at[p] = EAT
  ==> begin
    holder[p] := PHILOSOPHERS;
    holder[(p + 1) % PHILOSOPHERS] := PHILOSOPHERS;
    at[p] := THINK;
  end;
end;

invariant "own forks"
  forall p: philosopher do
    at[p] != EAT | (holder[p] = p & holder[(p + 1) % PHILOSOPHERS] = p)
  end;
