-- The tables of Kamailio's sipcapture 5.6, with the columns that the module expects.
create table sip_capture (
  id bigserial primary key, date timestamp, micro_ts bigint, method text, reply_reason text, ruri text, ruri_user text, ruri_domain text,
  from_user text, from_domain text, from_tag text, to_user text, to_domain text, to_tag text, pid_user text, contact_user text,
  auth_user text, callid text, callid_aleg text, via_1 text, via_1_branch text, cseq text, diversion text, reason text, content_type text,
  auth text, user_agent text, source_ip text, source_port integer, destination_ip text, destination_port integer, contact_ip text,
  contact_port integer, originator_ip text, originator_port integer, correlation_id text, custom_field1 text, custom_field2 text,
  custom_field3 text, proto integer, family integer, rtp_stat text, type integer, node text, msg bytea);
create table logs_capture (
  id bigserial primary key, date timestamp, micro_ts bigint, correlation_id text, source_ip text, source_port integer,
  destination_ip text, destination_port integer, proto integer, family integer, type integer, node text, msg bytea);
create table rtcp_capture (like logs_capture including all);
create table report_capture (like logs_capture including all);

-- Each HEP packet, of any type: written by the route in kamailio.cfg.
create table hep_packet (
  id bigserial primary key, via text, family integer, protocol integer, source_ip text, source_port integer, destination_ip text,
  destination_port integer, seconds bigint, microseconds integer, type integer, capture_id bigint, auth_key text, correlation_id text,
  payload bytea);

-- The contents of sipcapture's own tables in one format; node is kam: and the capture id.
create view captured as
  select id, 1 as type, callid as call_id, micro_ts, source_ip, source_port, destination_ip, destination_port, msg as payload, node from sip_capture
  union all select id, 100, correlation_id, micro_ts, source_ip, source_port, destination_ip, destination_port, msg, node from logs_capture
  union all select id, 5, correlation_id, micro_ts, source_ip, source_port, destination_ip, destination_port, msg, node from rtcp_capture
  union all select id, 99, correlation_id, micro_ts, source_ip, source_port, destination_ip, destination_port, msg, node from report_capture;
