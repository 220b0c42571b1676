-- Writing a standard device under a point-in-time copy: the same states and transitions as
-- examples/standard_write.py with its profile `safe`.  One rule is one box; the processes' next boxes
-- are variables.  Ranges, not scalarsets: no symmetry is reduced.

const
  HAS: 2;
  DAS: 1;
  TRACKS: 1;
  VALUES: 2;

type
  host_adapter: 0 .. HAS - 1;
  disk_adapter: 0 .. DAS - 1;
  track_number: 0 .. TRACKS - 1;
  log_track: 0 .. TRACKS - 1;
  log_pointer: 0 .. TRACKS;  -- TRACKS: the standard track
  content: 0 .. VALUES - 1;
  mail_state: enum { EMPTY, REQUEST, TAKEN, STATUS };
  host_box: enum { H320, H322, H324, H326, H332 };
  disk_box: enum { D302, D306, D312, D308, D316, D318 };
  session_box: enum { C418, C422, C424, C426, ESTABLISHED };

var
  data: array [track_number] of content;
  protection: array [track_number] of boolean;
  pointer: array [track_number] of log_pointer;
  log_data: array [log_track] of content;
  taken: array [log_track] of boolean;
  active: boolean;
  locked: array [track_number] of boolean;
  exclusive: boolean;
  mail: array [host_adapter] of mail_state;
  image: array [track_number] of content;

  host_at: array [host_adapter] of host_box;
  host_track: array [host_adapter] of track_number;
  host_value: array [host_adapter] of content;

  disk_at: array [disk_adapter] of disk_box;
  disk_host: array [disk_adapter] of host_adapter;
  disk_track: array [disk_adapter] of track_number;
  disk_log: array [disk_adapter] of log_track;

  session_at: session_box;
  session_track: track_number;

startstate begin
  for t: track_number do
    data[t] := 0;
    protection[t] := false;
    pointer[t] := TRACKS;
    log_data[t] := 0;
    taken[t] := false;
    locked[t] := false;
    image[t] := 0;
  end;
  active := false;
  exclusive := false;
  for h: host_adapter do
    mail[h] := EMPTY;
    host_at[h] := H320;
    host_track[h] := 0;
    host_value[h] := 0;
  end;
  for d: disk_adapter do
    disk_at[d] := D302;
    disk_host[d] := 0;
    disk_track[d] := 0;
    disk_log[d] := 0;
  end;
  session_at := C418;
  session_track := 0;
end;

-- Fig. 12: the host adapter

ruleset h: host_adapter; t: track_number; v: content do
  rule "320 receive write"
    host_at[h] = H320
  ==> begin
    host_track[h] := t;
    host_value[h] := v;
    host_at[h] := H322;
  end;
end;

ruleset h: host_adapter do
  rule "322 test protection"
    host_at[h] = H322 & !exclusive & !locked[host_track[h]]
  ==> begin
    if protection[host_track[h]] & active then
      host_at[h] := H326;
    else
      locked[host_track[h]] := true;
      host_at[h] := H324;
    end;
  end;

  rule "324 write the track"
    host_at[h] = H324
  ==> begin
    data[host_track[h]] := host_value[h];
    locked[host_track[h]] := false;
    host_track[h] := 0;
    host_value[h] := 0;
    host_at[h] := H320;
  end;

  rule "326 request protection"
    host_at[h] = H326
  ==> begin
    mail[h] := REQUEST;
    host_at[h] := H332;
  end;

  rule "332 await status"
    host_at[h] = H332 & mail[h] = STATUS
  ==> begin
    mail[h] := EMPTY;
    host_at[h] := H322;
  end;
end;

-- Fig. 11: the disk adapter

ruleset d: disk_adapter; h: host_adapter do
  rule "302 test bits"
    disk_at[d] = D302 & mail[h] = REQUEST & !exclusive & !locked[host_track[h]]
  ==> begin
    mail[h] := TAKEN;
    locked[host_track[h]] := true;
    disk_host[d] := h;
    disk_track[d] := host_track[h];
    if protection[host_track[h]] & active then
      disk_at[d] := D306;
    else
      disk_at[d] := D318;
    end;
  end;
end;

ruleset d: disk_adapter; l: log_track do
  rule "306 obtain free track"
    disk_at[d] = D306 & !taken[l]
  ==> begin
    taken[l] := true;
    disk_log[d] := l;
    disk_at[d] := D312;
  end;
end;

ruleset d: disk_adapter do
  rule "312 copy the track"
    disk_at[d] = D312
  ==> begin
    log_data[disk_log[d]] := data[disk_track[d]];
    disk_at[d] := D308;
  end;

  rule "308 move the pointer"
    disk_at[d] = D308
  ==> begin
    pointer[disk_track[d]] := disk_log[d];
    disk_at[d] := D316;
  end;

  rule "316 clear the bit"
    disk_at[d] = D316
  ==> begin
    protection[disk_track[d]] := false;
    disk_at[d] := D318;
  end;

  rule "318 send status"
    disk_at[d] = D318
  ==> begin
    locked[disk_track[d]] := false;
    mail[disk_host[d]] := STATUS;
    disk_host[d] := 0;
    disk_track[d] := 0;
    disk_log[d] := 0;
    disk_at[d] := D302;
  end;
end;

-- Figs. 15B, 15C: the session

rule "418 protect a track"
  session_at = C418
==> begin
  protection[session_track] := true;
  if session_track < TRACKS - 1 then
    session_track := session_track + 1;
  else
    session_track := 0;
    session_at := C422;
  end;
end;

rule "422 exclude"
  session_at = C422 & forall t: track_number do !locked[t] end
==> begin
  exclusive := true;
  session_at := C424;
end;

rule "424 activate"
  session_at = C424
==> begin
  active := true;
  for t: track_number do
    image[t] := data[t];
  end;
  session_at := C426;
end;

rule "426 release"
  session_at = C426
==> begin
  exclusive := false;
  session_at := ESTABLISHED;
end;

invariant "I1"
  !active | forall t: track_number do
    (pointer[t] = TRACKS ? data[t] : log_data[pointer[t]]) = image[t]
  end;

invariant "I5"
  forall t: track_number do
    pointer[t] = TRACKS | (taken[pointer[t]] & forall u: track_number do
      t = u | pointer[t] != pointer[u]
    end)
  end;
