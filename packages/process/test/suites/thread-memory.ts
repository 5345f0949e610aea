// Imported before everything else: the family's memory is chosen when core is loaded.
process.env.MULTIPROC_MEMORY = 'thread';
