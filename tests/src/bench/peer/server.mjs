// A PouchDB behind express-pouchdb with the documents of a file, one JSON a line.
//
//   node server.mjs FOLDER DOCUMENTS PORT-FILE
//
// A document's `_pictures` are two numbers of bytes: it gets attachments of these sizes, of noise.
import { randomBytes } from 'node:crypto'
import { createReadStream, renameSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import express from 'express'
import expressPouchDB from 'express-pouchdb'
import PouchDB from 'pouchdb'

const BATCH = 1000
const [folder, documents, portFile] = process.argv.slice(2)
const Databases = PouchDB.defaults({ prefix: `${folder}/` })
const database = new Databases('county')

let batch = []
async function put() {
  const answers = await database.bulkDocs(batch)
  const refused = answers.filter((answer) => answer.error)
  if (refused.length > 0) throw new Error(`${refused.length} documents were not taken`)
  batch = []
}
for await (const line of createInterface({ input: createReadStream(documents) })) {
  const document = JSON.parse(line)
  if (document._pictures) {
    const attachment = (bytes) => ({ content_type: 'image/jpeg', data: randomBytes(bytes) })
    const [thumbnail, picture] = document._pictures.map(attachment)
    document._attachments = { thumbnail, picture }
    delete document._pictures
  }
  batch.push(document)
  if (batch.length === BATCH) await put()
}
await put()

const app = express()
app.use('/', expressPouchDB(Databases, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: `${folder}/log.txt` }))
const server = app.listen(0, '127.0.0.1', () => {
  // Written aside and renamed: whoever waits for it reads all of it.
  writeFileSync(`${portFile}.new`, String(server.address().port))
  renameSync(`${portFile}.new`, portFile)
})
