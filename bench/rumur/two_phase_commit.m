-- Two-phase commit: the same states and transitions as examples/two_phase_commit.py.
-- One rule is one action of the TLA+ original.  Ranges, not scalarsets: no symmetry is reduced.

const
  RMS: 3;

type
  resource_manager: 0 .. RMS - 1;
  resource_state: enum { WORKING, PREPARED, COMMITTED, ABORTED };
  decision_state: enum { UNDECIDED, COMMIT, ABORT };

var
  resource: array [resource_manager] of resource_state;
  decision: decision_state;
  prepared: array [resource_manager] of boolean;
  prepared_sent: array [resource_manager] of boolean;
  commit_sent: boolean;
  abort_sent: boolean;

startstate begin
  for r: resource_manager do
    resource[r] := WORKING;
    prepared[r] := false;
    prepared_sent[r] := false;
  end;
  decision := UNDECIDED;
  commit_sent := false;
  abort_sent := false;
end;

rule "commit"
  decision = UNDECIDED & forall r: resource_manager do prepared[r] end
==> begin
  decision := COMMIT;
  commit_sent := true;
end;

rule "abort"
  decision = UNDECIDED
==> begin
  decision := ABORT;
  abort_sent := true;
end;

ruleset r: resource_manager do
  rule "receive prepared"
    decision = UNDECIDED & prepared_sent[r]
  ==> begin
    prepared[r] := true;
  end;

  rule "prepare"
    resource[r] = WORKING
  ==> begin
    resource[r] := PREPARED;
    prepared_sent[r] := true;
  end;

  rule "choose to abort"
    resource[r] = WORKING
  ==> begin
    resource[r] := ABORTED;
  end;

  rule "receive commit"
    commit_sent
  ==> begin
    resource[r] := COMMITTED;
  end;

  rule "receive abort"
    abort_sent
  ==> begin
    resource[r] := ABORTED;
  end;
end;

invariant "consistent"
  !exists r: resource_manager do resource[r] = COMMITTED end
  | !exists r: resource_manager do resource[r] = ABORTED end;
