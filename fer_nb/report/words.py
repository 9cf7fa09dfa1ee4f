"""The report's own words, each in both languages."""

from typing import Any

from fer_nb.language import LANGUAGES, Text

WORDS = {
    "title": Text("影像情緒分類報告", "Image Sentiment Classification: Report"),
    "skip": Text("跳到內文", "Skip to the text"),
    "language": Text("語言", "Language"),
    "contents": Text("目錄", "Contents"),
    "student_id": Text("學號", "Student ID"),
    "department": Text("系級", "Department and year"),
    "name": Text("姓名", "Name"),
    "collaborators": Text("合作者", "Collaborators"),
    "none": Text("無", "none"),
    "question": Text("題目", "Question"),
    "points": Text("配分", "Points"),
    "question number": Text("第 {} 題", "Question {}"),
    "points are": Text("（{}）", " ({}) "),
    "bonus": Text("加分", "bonus"),
    "see": Text("見", "See"),
    "term": Text("學期", "Term"),
    "remark": Text("的心得", "’s remarks"),
    "answer": Text("回答", "Answer"),
    "headline": Text("主要數字", "Headline number"),
    "status": Text("狀態", "Status"),
    "ok": Text("完成", "done"),
    "failed": Text("失敗", "failed"),
    "skipped": Text("未執行", "not run"),
    "overview": Text("各題摘要", "The questions at a glance"),
    "figure": Text("圖", "Figure"),
    "table": Text("表", "Table"),
    "code": Text("程式碼", "Code"),
    "stream": Text("執行時的輸出", "Printed while running"),
    "value": Text("輸出", "Output"),
    "error": Text("錯誤訊息", "Error message"),
    "data": Text("資料集", "Data set"),
    "practice faces": Text("練習臉", "practice faces"),
    "profile": Text("設定檔", "Profile"),
    "date": Text("日期", "Date"),
    "making": Text("本報告如何產生", "How this report was made"),
    "environment": Text("執行環境", "Environment"),
    "fingerprint": Text("指紋（SHA-256）", "Fingerprint (SHA-256)"),
    "counts": Text("影像數", "Images"),
    "unlabelled": Text("無標籤", "unlabelled"),
    "seconds": Text("秒", "Seconds"),
    "notebook": Text("筆記本", "Notebook"),
    "parameter": Text("參數", "Parameter"),
    "value of": Text("值", "Value"),
    "default": Text("預設值", "Default"),
    "same": Text("同左", "the same"),
    "all notebooks": Text("全部", "all"),
    "command": Text("重做本報告的指令", "Command that repeats it"),
    "versions": Text("套件版本", "Versions"),
    "together": Text("合計", "together"),
    "python": Text("Python", "Python"),
    "system": Text("作業系統", "System"),
    "cores": Text("處理器核心數", "Processor cores"),
    "device": Text("運算裝置", "Device"),
    "backend": Text("後端", "Backend"),
    "times": Text("各筆記本的執行時間", "Run time of each notebook"),
    "parameters of": Text("各筆記本的參數，預設值亦列出", "Parameters of each notebook, the defaults too"),
    "page": Text("頁", "page"),
    "practice": Text(
        "注意：本報告的影像是程式畫出的練習臉。練習臉上的準確率不能說明 FER2013 上的表現。",
        "Note: the images of this report are practice faces, drawn by a program. "
        "Accuracy on practice faces says nothing about accuracy on FER2013.",
    ),
    "some failed": Text(
        "下列筆記本執行失敗，其後的結果並不完整：",
        "These notebooks failed, so that their results are incomplete:",
    ),
    "some skipped": Text("下列筆記本這次沒有執行：", "These notebooks were not run this time:"),
}


def word(name: str) -> dict[str, str]:
    """Return one of WORDS by language."""
    return WORDS[name].by_language()


def texts(value: Any) -> dict[str, str] | None:
    """Return a value that is a text in both languages, None where it is something else."""
    return value if isinstance(value, dict) and set(value) == set(LANGUAGES) else None
