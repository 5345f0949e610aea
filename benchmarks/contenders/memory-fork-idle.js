// Listening keeps the process alive until it is killed.
process.on('message', () => {});
process.send('ready');
