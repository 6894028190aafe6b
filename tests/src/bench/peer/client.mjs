// Replicates a database into a new one, and says how long that took.
//
//   node client.mjs URL FOLDER
import PouchDB from 'pouchdb'

const [url, folder] = process.argv.slice(2)
const Databases = PouchDB.defaults({ prefix: `${folder}/` })
const began = performance.now()
const database = new Databases('device')
const done = await Databases.replicate(`${url}/county`, database)
const seconds = (performance.now() - began) / 1000
if (!done.ok || done.doc_write_failures > 0) throw new Error('not everything was replicated')
console.log(JSON.stringify({ seconds, documents: done.docs_written, peak_kib: process.resourceUsage().maxRSS }))
