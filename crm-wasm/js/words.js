// Generated from the model. Do not edit: cargo run --release -p crm-tests --bin generate

/** Errors that the package makes by itself, where no engine can be asked, by language. */
export const words = {
  /** The database is closed. */
  closed: {
    "zh-CN": {"class":"handle","code":"handle.invalid","message":"句柄无效：它不是打开的数据库","details":{"path":"","kind":"database"}},
    "zh-TW": {"class":"handle","code":"handle.invalid","message":"控制代碼無效：它不是開啟的資料庫","details":{"path":"","kind":"database"}},
    "en": {"class":"handle","code":"handle.invalid","message":"this is no open database","details":{"path":"","kind":"database"}},
  },
  /** The worker or the module could not be started, or has failed. */
  failed: {
    "zh-CN": {"class":"internal","code":"internal.error","message":"内部错误：未做任何更改","details":{"path":""}},
    "zh-TW": {"class":"internal","code":"internal.error","message":"內部錯誤：未做任何變更","details":{"path":""}},
    "en": {"class":"internal","code":"internal.error","message":"an internal error: nothing was changed","details":{"path":""}},
  },
  /** There are no files, or another has them. */
  io: {
    "zh-CN": {"class":"io","code":"store.io","message":"读写数据库失败","details":{"path":""}},
    "zh-TW": {"class":"io","code":"store.io","message":"讀寫資料庫失敗","details":{"path":""}},
    "en": {"class":"io","code":"store.io","message":"reading or writing the database failed","details":{"path":""}},
  },
  /** The engine has met a defect. */
  panic: {
    "zh-CN": {"class":"panic","code":"internal.panic","message":"捕获到程序缺陷：未做任何更改","details":{"path":""}},
    "zh-TW": {"class":"panic","code":"internal.panic","message":"攔截到程式缺陷：未做任何變更","details":{"path":""}},
    "en": {"class":"panic","code":"internal.panic","message":"a defect was caught: nothing was changed","details":{"path":""}},
  },
};

/** The versions of this package. */
export const versions = {
  library: "0.1.0",
  abi: 0,
  operations: 2,
  schema: 1,
};
