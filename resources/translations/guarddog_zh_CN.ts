<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AccountDialog</name>
    <message>
        <source>Edit account</source>
        <translation>编辑账号</translation>
    </message>
    <message>
        <source>Add account</source>
        <translation>添加账号</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Asking WeChat…</source>
        <translation>正在询问微信…</translation>
    </message>
    <message>
        <source>Looking into the folder…</source>
        <translation>正在查看文件夹…</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Save anyway</source>
        <translation>仍然保存</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回修改</translation>
    </message>
    <message>
        <source>See what is in the folder, then save once more.</source>
        <translation>请先看看文件夹里有什么，再点一次“保存”。</translation>
    </message>
</context>
<context>
    <name>AccountForm</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>账号类型</translation>
    </message>
    <message>
        <source>Endpoint</source>
        <translation>获取接口</translation>
    </message>
    <message>
        <source>Refresh ahead</source>
        <translation>提前刷新</translation>
    </message>
    <message>
        <source>JS-safe domains</source>
        <translation>JS 接口安全域名</translation>
    </message>
    <message>
        <source>Folder for .dog files</source>
        <translation>.dog 文件夹</translation>
    </message>
    <message>
        <source>Also write to</source>
        <translation>同步写入</translation>
    </message>
    <message>
        <source>32 letters and digits</source>
        <translation>32 位字母和数字</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>不修改</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Card ticket (wx_card)</source>
        <translation>卡券 api_ticket（wx_card）</translation>
    </message>
    <message>
        <source>Only for pages that hand out or choose cards and coupons; most accounts do not need it.</source>
        <translation>只有用到发卡、选卡等卡券功能的页面才需要，大多数账号不必打开。</translation>
    </message>
    <message>
        <source>the usual folder</source>
        <translation>默认文件夹</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Everybody gets the same token, so your servers keep theirs. Right for nearly all.</source>
        <translation>各处取到的是同一个 token，不影响你的服务器。绝大多数情况都适用。</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Copy IP</source>
        <translation>复制 IP</translation>
    </message>
    <message>
        <source>How to fix</source>
        <translation>处理办法</translation>
    </message>
    <message>
        <source>Open the page</source>
        <translation>打开后台页面</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Use stable_token</source>
        <translation>改用 stable_token</translation>
    </message>
    <message>
        <source>Fetch a new one</source>
        <translation>重新获取</translation>
    </message>
    <message>
        <source>I know</source>
        <translation>知道了</translation>
    </message>
    <message>
        <source>Copy the loader for Node</source>
        <translation>复制 Node 版 loader</translation>
    </message>
</context>
<context>
    <name>CardDialog</name>
    <message>
        <source>Sign a card for {name}</source>
        <translation>{name} 的卡券签名</translation>
    </message>
    <message>
        <source>For</source>
        <translation>用于</translation>
    </message>
    <message>
        <source>code, if one is given out</source>
        <translation>code（如有指定）</translation>
    </message>
    <message>
        <source>openid, if only one person may take it</source>
        <translation>openid（如限定领取人）</translation>
    </message>
    <message>
        <source>Kind of card, such as GROUPON</source>
        <translation>卡券类型，如 GROUPON</translation>
    </message>
    <message>
        <source>Shop</source>
        <translation>门店 ID</translation>
    </message>
    <message>
        <source>The result</source>
        <translation>签名结果</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>DiagnosePage</name>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Page&apos;s URL</source>
        <translation>页面网址</translation>
    </message>
    <message>
        <source>Entered at</source>
        <translation>入口网址</translation>
    </message>
    <message>
        <source>wx.config, or single values</source>
        <translation>wx.config 或各个值</translation>
    </message>
    <message>
        <source>https://… as the browser shows it</source>
        <translation>https://…，以浏览器地址栏为准</translation>
    </message>
    <message>
        <source>single-page app: the first URL, if it is another</source>
        <translation>单页应用：首次打开的网址（与当前不同时填写）</translation>
    </message>
    <message>
        <source>Paste the block as it stands in the page, or as the console shows it.</source>
        <translation>粘贴页面源码或控制台里的 wx.config 代码块。</translation>
    </message>
    <message>
        <source>Diagnose</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>How far the search is</source>
        <translation>搜索进度</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>诊断结论</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>签名时</translation>
    </message>
    <message>
        <source>page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Tried and ruled out:</source>
        <translation>已排除：</translation>
    </message>
    <message>
        <source>The verdict comes here: which mistake the signature contains, and what to do.</source>
        <translation>诊断结论显示在这里：签名错在哪里、该怎么改。</translation>
    </message>
</context>
<context>
    <name>EntryDetails</name>
    <message>
        <source>Open the page</source>
        <translation>打开后台页面</translation>
    </message>
    <message>
        <source>Ask WeChat about this rid</source>
        <translation>向微信查询此 rid</translation>
    </message>
    <message>
        <source>Copy IP {ip}</source>
        <translation>复制 IP {ip}</translation>
    </message>
    <message>
        <source>Copy rid</source>
        <translation>复制 rid</translation>
    </message>
</context>
<context>
    <name>ErrcodeModel</name>
    <message>
        <source>errcode</source>
        <translation>错误码</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>含义</translation>
    </message>
</context>
<context>
    <name>ErrcodePage</name>
    <message>
        <source>Number or word</source>
        <translation>输入错误码或关键词</translation>
    </message>
    <message>
        <source>Search the errcodes</source>
        <translation>搜索错误码</translation>
    </message>
    <message>
        <source>errcodes</source>
        <translation>错误码</translation>
    </message>
    <message>
        <source>Open the page</source>
        <translation>打开后台页面</translation>
    </message>
</context>
<context>
    <name>ExportTargetList</name>
    <message>
        <source>After every refresh, for programs that do not read .dog files.</source>
        <translation>每次刷新后写入，供不读取 .dog 文件的程序使用。</translation>
    </message>
    <message>
        <source>Also write to</source>
        <translation>同步写入</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Folder of the official PHP sample…</source>
        <translation>官方 PHP 示例的文件夹…</translation>
    </message>
    <message>
        <source>Folder of wechat_interaction_jsapi…</source>
        <translation>wechat_interaction_jsapi 的文件夹…</translation>
    </message>
    <message>
        <source>.env file…</source>
        <translation>.env 文件…</translation>
    </message>
    <message>
        <source>Command…</source>
        <translation>命令…</translation>
    </message>
    <message>
        <source>It runs without a shell, for 10 seconds at most, with WECHAT_ACCESS_TOKEN and the like set.</source>
        <translation>不经过 shell 运行，限时 10 秒；环境变量里有 WECHAT_ACCESS_TOKEN 等。</translation>
    </message>
</context>
<context>
    <name>ForceDialog</name>
    <message>
        <source>Force a new token</source>
        <translation>强制刷新</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Formatter</name>
    <message>
        <source>{name}: {text}</source>
        <translation>{name}：{text}</translation>
    </message>
    <message>
        <source>not written: {names}</source>
        <translation>未写入：{names}</translation>
    </message>
    <message>
        <source>also written {time}: {names}</source>
        <translation>{time} 已同步写入：{names}</translation>
    </message>
    <message>
        <source>the one before, {value}, is accepted until {time}</source>
        <translation>上一个值 {value} 在 {time} 之前仍可使用</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>{time} 到期</translation>
    </message>
    <message>
        <source>good until {time}</source>
        <translation>{time} 到期</translation>
    </message>
    <message>
        <source>again at {time}</source>
        <translation>{time} 重试</translation>
    </message>
</context>
<context>
    <name>HistoryExporter</name>
    <message>
        <source>the history could not be read</source>
        <translation>无法读取历史记录</translation>
    </message>
</context>
<context>
    <name>HistoryFilterBar</name>
    <message>
        <source>All accounts</source>
        <translation>全部账号</translation>
    </message>
    <message>
        <source>All keys</source>
        <translation>全部类型</translation>
    </message>
    <message>
        <source>All triggers</source>
        <translation>全部触发方式</translation>
    </message>
    <message>
        <source>24 hours</source>
        <translation>24 小时</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 天</translation>
    </message>
    <message>
        <source>All time</source>
        <translation>全部时间</translation>
    </message>
    <message>
        <source>Only failures</source>
        <translation>只看失败</translation>
    </message>
    <message>
        <source>Text in errmsg</source>
        <translation>errmsg 中的文字</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>触发方式</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Show all times again</source>
        <translation>取消时间段筛选</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>触发方式</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>errcode</source>
        <translation>错误码</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>耗时 (ms)</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>Quota…</source>
        <translation>调用额度…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Tokens</source>
        <translation>凭据</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>errcodes</source>
        <translation>错误码</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>Diagnose</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Add account</source>
        <translation>添加账号</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>偏好设置…</translation>
    </message>
    <message>
        <source>Remove account</source>
        <translation>移除账号</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>移除 {name}？</translation>
    </message>
    <message>
        <source>Its AppSecret is deleted from the keyring. The .dog files stay where they are.</source>
        <translation>密钥环里的 AppSecret 会一并删除，.dog 文件保留在原处。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Copied {key} of {name}</source>
        <translation>已复制 {name} 的 {key}</translation>
    </message>
    <message>
        <source>Asking WeChat…</source>
        <translation>正在询问微信…</translation>
    </message>
    <message>
        <source>Export the history</source>
        <translation>导出历史记录</translation>
    </message>
    <message>
        <source>The history could not be exported: {reason}</source>
        <translation>历史记录导出失败：{reason}</translation>
    </message>
    <message>
        <source>{count} lines exported</source>
        <translation>已导出 {count} 条记录</translation>
    </message>
    <message>
        <source>Copied {text}</source>
        <translation>已复制 {text}</translation>
    </message>
    <message>
        <source>Copied the signed string</source>
        <translation>已复制参与签名的字符串</translation>
    </message>
    <message>
        <source>cleared in {time}</source>
        <translation>{time} 后清除</translation>
    </message>
</context>
<context>
    <name>PauseMenu</name>
    <message>
        <source>30 minutes</source>
        <translation>30 分钟</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>Until tomorrow</source>
        <translation>到明天</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复刷新</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Paused until {time}</source>
        <translation>暂停到 {time}</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>偏好设置</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Tray icon</source>
        <translation>托盘图标</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Clear the clipboard after</source>
        <translation>清除剪贴板</translation>
    </message>
    <message>
        <source>WeChat&apos;s address</source>
        <translation>微信接口地址</translation>
    </message>
    <message>
        <source>Notify me when</source>
        <translation>通知我</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>彩色</translation>
    </message>
    <message>
        <source>Light, for dark panels</source>
        <translation>浅色，用于深色面板</translation>
    </message>
    <message>
        <source>Dark, for light panels</source>
        <translation>深色，用于浅色面板</translation>
    </message>
    <message>
        <source>Only trouble</source>
        <translation>只记故障</translation>
    </message>
    <message>
        <source>Every refresh</source>
        <translation>每次刷新</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部细节</translation>
    </message>
    <message>
        <source>Start with the session</source>
        <translation>登录时自动启动</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒后</translation>
    </message>
    <message>
        <source>never</source>
        <translation>不清除</translation>
    </message>
    <message>
        <source>Open the log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>an account needs me</source>
        <translation>账号需要处理</translation>
    </message>
    <message>
        <source>somebody took a token</source>
        <translation>token 被别处换掉</translation>
    </message>
    <message>
        <source>the keyring is locked</source>
        <translation>密钥环已锁定</translation>
    </message>
    <message>
        <source>a token ends before it can be refreshed</source>
        <translation>token 在刷新成功前就要过期</translation>
    </message>
    <message>
        <source>all is well again</source>
        <translation>恢复正常</translation>
    </message>
    <message>
        <source>a token was refreshed</source>
        <translation>token 刷新成功</translation>
    </message>
    <message>
        <source>Another installation of Guard Dog starts with the session.</source>
        <translation>登录时自动启动的是另一处安装的 Guard Dog。</translation>
    </message>
    <message>
        <source>Guard Dog cannot be started with the session here.</source>
        <translation>当前环境下，Guard Dog 无法随会话启动。</translation>
    </message>
    <message>
        <source>GUARDDOG_API_BASE decides while it is set.</source>
        <translation>已设置 GUARDDOG_API_BASE，以它为准。</translation>
    </message>
</context>
<context>
    <name>QueryDialog</name>
    <message>
        <source>Quota of {name}</source>
        <translation>{name} 的调用额度</translation>
    </message>
    <message>
        <source>What WeChat knows of this rid</source>
        <translation>此 rid 在微信的记录</translation>
    </message>
    <message>
        <source>Clear the counters…</source>
        <translation>清零调用次数…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Asking WeChat…</source>
        <translation>正在询问微信…</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源 IP</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求地址</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>请求内容</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>返回内容</translation>
    </message>
    <message>
        <source>{name}: {value}</source>
        <translation>{name}：{value}</translation>
    </message>
    <message>
        <source>Set all counters of today to zero?</source>
        <translation>将今日的调用次数全部清零？</translation>
    </message>
    <message>
        <source>Guard Dog has done it {done} of {most} times this month; the button in WeChat&apos;s console counts, too.</source>
        <translation>Guard Dog 本月已清零 {done}/{most} 次；在微信后台点按钮清零也计入次数。</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清零</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SignPage</name>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Page&apos;s URL</source>
        <translation>页面网址</translation>
    </message>
    <message>
        <source>Nonce</source>
        <translation>nonceStr</translation>
    </message>
    <message>
        <source>Timestamp</source>
        <translation>timestamp</translation>
    </message>
    <message>
        <source>APIs and open tags</source>
        <translation>接口与开放标签</translation>
    </message>
    <message>
        <source>Search the names</source>
        <translation>搜索名称</translation>
    </message>
    <message>
        <source>https://… as the browser shows it</source>
        <translation>https://…，以浏览器地址栏为准</translation>
    </message>
    <message>
        <source>made anew for each address</source>
        <translation>留空则自动生成</translation>
    </message>
    <message>
        <source>the moment of signing</source>
        <translation>留空则取当前时间</translation>
    </message>
    <message>
        <source>debug: let the page show what it gets</source>
        <translation>debug：让页面弹出调用结果</translation>
    </message>
    <message>
        <source>Forget recent URLs</source>
        <translation>清空最近网址</translation>
    </message>
    <message>
        <source>Sign a card…</source>
        <translation>卡券签名…</translation>
    </message>
    <message>
        <source>Type the address of a page.</source>
        <translation>请输入页面网址。</translation>
    </message>
    <message>
        <source>Signed with the ticket {value}, {minutes} min old, good until {time}</source>
        <translation>签名所用 ticket：{value}，已获取 {minutes} 分钟，有效至 {time}</translation>
    </message>
    <message>
        <source>the signature</source>
        <translation>签名</translation>
    </message>
</context>
<context>
    <name>SignResultView</name>
    <message>
        <source>Test page</source>
        <translation>测试页</translation>
    </message>
    <message>
        <source>The result</source>
        <translation>签名结果</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the signature</source>
        <translation>复制签名</translation>
    </message>
    <message>
        <source>Open test page</source>
        <translation>打开测试页</translation>
    </message>
    <message>
        <source>A page on this computer that checks such a signature as WeChat does</source>
        <translation>打开本机上的测试页，按微信的规则校验签名</translation>
    </message>
    <message>
        <source>What is signed</source>
        <translation>参与签名的字符串</translation>
    </message>
    <message>
        <source>Show the ticket</source>
        <translation>显示 ticket</translation>
    </message>
    <message>
        <source>Copy string</source>
        <translation>复制字符串</translation>
    </message>
    <message>
        <source>QR code of the page&apos;s URL</source>
        <translation>页面网址的二维码</translation>
    </message>
</context>
<context>
    <name>TimelineView</name>
    <message>
        <source>{good} went well, {bad} failed</source>
        <translation>成功 {good} 次，失败 {bad} 次</translation>
    </message>
</context>
<context>
    <name>TokensModel</name>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Next refresh {time}</source>
        <translation>下次刷新 {time}</translation>
    </message>
</context>
<context>
    <name>TokensPage</name>
    <message>
        <source>Filter by name or AppID</source>
        <translation>按名称或 AppID 筛选</translation>
    </message>
    <message>
        <source>Filter accounts</source>
        <translation>筛选账号</translation>
    </message>
    <message>
        <source>Accounts and their tokens</source>
        <translation>账号及其凭据</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Refresh now</source>
        <translation>立即刷新</translation>
    </message>
    <message>
        <source>Force a new token…</source>
        <translation>强制刷新…</translation>
    </message>
    <message>
        <source>Edit account…</source>
        <translation>编辑账号…</translation>
    </message>
    <message>
        <source>Remove account…</source>
        <translation>移除账号…</translation>
    </message>
    <message>
        <source>Show history</source>
        <translation>查看历史记录</translation>
    </message>
    <message>
        <source>Check this token</source>
        <translation>检查此 token</translation>
    </message>
</context>
<context>
    <name>TrayIcon</name>
    <message>
        <source>Guard Dog goes on in the tray. Quit is in its menu.</source>
        <translation>Guard Dog 仍在系统托盘运行，可在托盘菜单中退出。</translation>
    </message>
    <message>
        <source>Refresh now</source>
        <translation>立即刷新</translation>
    </message>
    <message>
        <source>Sign a URL…</source>
        <translation>为网址签名…</translation>
    </message>
    <message>
        <source>No notifications for 1 hour</source>
        <translation>1 小时内不通知</translation>
    </message>
    <message>
        <source>Open Guard Dog</source>
        <translation>打开 Guard Dog</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>偏好设置…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Force a new token…</source>
        <translation>强制刷新…</translation>
    </message>
    <message>
        <source>Copy access_token</source>
        <translation>复制 access_token</translation>
    </message>
    <message>
        <source>Copy jsapi_ticket</source>
        <translation>复制 jsapi_ticket</translation>
    </message>
    <message>
        <source>Copy wx_card ticket</source>
        <translation>复制卡券 api_ticket</translation>
    </message>
</context>
<context>
    <name>WarningList</name>
    <message>
        <source>Correct it</source>
        <translation>改正</translation>
    </message>
    <message>
        <source>Put the corrected value into the field</source>
        <translation>把改正后的值填入输入框</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Add an account once, and its access_token and jsapi_ticket stay fresh on this computer.</source>
        <translation>账号只需添加一次，它的 access_token 和 jsapi_ticket 就会在本机一直保持有效。</translation>
    </message>
    <message>
        <source>Add an account</source>
        <translation>添加账号</translation>
    </message>
    <message>
        <source>Try the sandbox</source>
        <translation>试用沙箱</translation>
    </message>
    <message>
        <source>With an embedded WeChat; nothing is real and nothing stays.</source>
        <translation>使用内置的模拟微信，全是假数据，退出后不留痕迹。</translation>
    </message>
    <message>
        <source>AppID and AppSecret are on the {platform} under My business; those of mini programs on {mp}.</source>
        <translation>AppID 和 AppSecret 在{platform}的“我的业务”里；小程序的在 {mp}。</translation>
    </message>
    <message>
        <source>WeChat Developer Platform</source>
        <translation>微信开发者平台</translation>
    </message>
    <message>
        <source>Put the IP of this computer on the IP whitelist there, or WeChat refuses its calls.</source>
        <translation>还要在那里把本机的出口 IP 加入 IP 白名单，否则微信会拒绝调用。</translation>
    </message>
    <message>
        <source>No account at hand? WeChat lends everybody a {test}.</source>
        <translation>手头没有账号？可以申请{test}。</translation>
    </message>
    <message>
        <source>free test account</source>
        <translation>免费的接口测试号</translation>
    </message>
</context>
</TS>
