// A browser's side of Janus: its REST API and WebRTC. In a page of Janus's own origin; window.janus is used by the test.
(() => {
  const sleep = ms => new Promise(done => setTimeout(done, ms));
  const post = (path, body) => fetch('/janus' + path, { method: 'POST', body: JSON.stringify({ transaction: String(Math.random()), ...body }) }).then(answer => answer.json());
  const events = [];
  let session, sip, tracks, peer, stopped = false;

  async function poll() {
    while (!stopped) {
      try {
        const event = await (await fetch(`/janus/${session}?maxev=1&rid=${Date.now()}`)).json();
        if (event.janus !== 'keepalive') {
          events.push(event);
        }
      } catch {
        await sleep(100);
      }
    }
  }

  async function wait(wanted, what) {
    for (let i = 0; i < 600; i++) {
      const at = events.findIndex(wanted);
      if (at >= 0) {
        return events.splice(at, 1)[0];
      }
      await sleep(50);
    }
    throw new Error(`no ${what} among ${JSON.stringify(events)}`);
  }

  const result = name => event => event.plugindata?.data?.result?.event === name;
  const ask = (handle, body, jsep) => post(`/${session}/${handle}`, { janus: 'message', body, ...(jsep ? { jsep } : {}) });

  function connect(handle, ...streams) {
    peer = new RTCPeerConnection();
    peer.onicecandidate = e => post(`/${session}/${handle}`, { janus: 'trickle', candidate: e.candidate ?? { completed: true } });
    streams.forEach(stream => stream.getTracks().forEach(track => peer.addTrack(track, stream)));
  }

  async function offer(handle, body) {
    await peer.setLocalDescription(await peer.createOffer());
    await ask(handle, body, { type: 'offer', sdp: peer.localDescription.sdp });
  }

  async function makeTracks() {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const sound = audio.createMediaStreamDestination();
    tone.connect(sound);
    tone.start();
    const canvas = document.body.appendChild(document.createElement('canvas'));
    const paint = canvas.getContext('2d');
    setInterval(() => { paint.fillStyle = `hsl(${Date.now() / 10 % 360},90%,50%)`; paint.fillRect(0, 0, 300, 150); }, 66);
    return { audio: sound.stream, video: canvas.captureStream(15) };
  }

  window.janus = {
    async register(port) {
      tracks = await makeTracks();
      session = (await post('', { janus: 'create' })).data.id;
      poll();
      sip = (await post(`/${session}`, { janus: 'attach', plugin: 'janus.plugin.sip', opaque_id: 'alice' })).data.id;
      await ask(sip, { request: 'register', username: `sip:alice@127.0.0.1:${port}`, secret: 'pw', proxy: `sip:127.0.0.1:${port}`, display_name: 'Alice' });
      await wait(result('registered'), 'registration');
    },
    async call(port) {
      connect(sip, tracks.audio);
      await offer(sip, { request: 'call', uri: `sip:bob@127.0.0.1:${port}` });
      await peer.setRemoteDescription((await wait(event => event.jsep?.type === 'answer', 'answer')).jsep);
      await wait(event => event.janus === 'media' && event.receiving, 'media');
      await sleep(2500);
      await ask(sip, { request: 'hold' });
      await wait(result('holding'), 'hold');
      await sleep(300);
      await ask(sip, { request: 'unhold' });
      await wait(result('resuming'), 'unhold');
      await sleep(300);
      await ask(sip, { request: 'dtmf_info', digit: '5' });
      await wait(result('dtmfsent'), 'digit');
      await sleep(300);
      await ask(sip, { request: 'hangup' });
      await wait(result('hangup'), 'hangup');
      peer.close();
      await wait(event => event.janus === 'hangup', 'end of media');
    },
    async callBusy(port) {
      connect(sip, tracks.audio);
      await offer(sip, { request: 'call', uri: `sip:busy@127.0.0.1:${port}` });
      await wait(result('hangup'), 'rejection');
      peer.close();
      await wait(event => event.janus === 'hangup', 'end of media');

      // For a moment Janus still refuses calls as busy, and nothing says when that is over.
      await sleep(1500);
    },
    async answer() {
      const incoming = await wait(result('incomingcall'), 'incoming call');
      connect(sip, tracks.audio);
      await peer.setRemoteDescription(incoming.jsep);
      await peer.setLocalDescription(await peer.createAnswer());
      await ask(sip, { request: 'accept' }, { type: 'answer', sdp: peer.localDescription.sdp });
      await wait(result('hangup'), 'end of the incoming call');
      peer.close();
      await wait(event => event.janus === 'hangup', 'end of media');
    },
    async end() {
      await ask(sip, { request: 'unregister' });
      await wait(result('unregistered'), 'end of registration');
      await post(`/${session}/${sip}`, { janus: 'detach' });
      stopped = true;
      await post(`/${session}`, { janus: 'destroy' });
    },
    async echo() {
      session = (await post('', { janus: 'create' })).data.id;
      stopped = false;
      poll();
      const echo = (await post(`/${session}`, { janus: 'attach', plugin: 'janus.plugin.echotest' })).data.id;
      connect(echo, tracks.audio, tracks.video);
      await offer(echo, { audio: true, video: true });
      await peer.setRemoteDescription((await wait(event => event.jsep && event.sender === echo, 'echo')).jsep);
      await wait(event => event.janus === 'media' && event.type === 'video' && event.receiving, 'video');
      await sleep(2500);
      peer.close();
      stopped = true;
      await post(`/${session}`, { janus: 'destroy' });
      return String(session);
    },
  };
})();
